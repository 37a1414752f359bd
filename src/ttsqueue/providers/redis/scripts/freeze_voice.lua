local job = held(args.id, args.token)
if not job then return {'lost'} end
write(job, {voice_id = job.voice_id or args.voice_id})
announce(job.id, false)
return {'ok', job}
