--! part when_full
local key = OURS .. 'note:' .. args.name
local note = call('HMGET', key, 'text', 'version')
local version = tonumber(note[2] or 0)
if version ~= args.version then
  return {'ok', args.again and version == args.version + 1 and note[1] == ARGV[2] and 1 or 0}
end
pass_when_full()
call('HSET', key, 'text', ARGV[2], 'version', text(version + 1))
return {'ok', 1}
