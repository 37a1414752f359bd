local beats, jobs = {}, {}
local entries = call('HGETALL', OURS .. 'workers')
for i = 1, #entries, 2 do beats[#beats + 1] = {entries[i + 1], call('ZSCORE', OURS .. 'worker-beats', entries[i])} end
for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, -1)) do
  jobs[#jobs + 1] = {id, call('HGET', key_of(id), 'worker_id') or ''}
end
return {'ok', text(now), beats, jobs}
