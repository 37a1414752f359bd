local entry = call('HGET', OURS .. 'workers', args.instance)
if entry then
  call('HDEL', OURS .. 'worker-names', cjson.decode(entry)[1])
  call('HDEL', OURS .. 'workers', args.instance)
  call('ZREM', OURS .. 'worker-beats', args.instance)
end
return {'ok'}
