local job = held(args.id, args.token)
if not job then return {'lost'} end
call('HDEL', OURS .. 'chapters:' .. job.id, text(args.position))
write(job, {first = math.min(job.first or 0, args.position)})
announce(job.id, false)
return {'ok'}
