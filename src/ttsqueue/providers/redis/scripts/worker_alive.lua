--! part when_full
if call('HEXISTS', OURS .. 'workers', args.instance) == 0 then return {'ok', 0} end
pass_when_full()
call('ZADD', OURS .. 'worker-beats', now, args.instance)
return {'ok', 1}
