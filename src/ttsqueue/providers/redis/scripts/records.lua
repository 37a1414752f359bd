-- Outline and finished chapters, attempts, history.
local job = load(args.id)
if not job then return {'missing'} end
if args.which == 'chapters' then
  local outline = call('HGET', OURS .. 'book:' .. job.id, 'outline')
  return {'ok', job, outline, call('HGETALL', OURS .. 'chapters:' .. job.id)}
end
return {'ok', job, call('LRANGE', OURS .. args.which .. ':' .. job.id, 0, -1)}
