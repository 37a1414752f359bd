INSERT INTO tts_workers (name, instance, host, boot_id, pid_namespace, pid, started, version, slots)
VALUES (
    %(name)s, %(instance)s, %(host)s, %(boot_id)s, %(pid_namespace)s, %(pid)s, %(started)s, %(version)s, %(slots)s
)
ON CONFLICT (name) DO NOTHING
RETURNING name
