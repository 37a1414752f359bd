local names = OURS .. 'key-names'
local digest = call('HGET', names, args.name)
if args.again and digest == args.digest then return {'ok'} end
if digest or call('HEXISTS', OURS .. 'keys', args.digest) == 1 then return {'taken'} end
call('HSET', names, args.name, args.digest)
call('HSET', OURS .. 'keys', args.digest, cjson.encode({args.name, args.is_admin, text(now)}))
return {'ok'}
