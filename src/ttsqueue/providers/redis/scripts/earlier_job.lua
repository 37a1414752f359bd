local used = call('HMGET', args.once, 'body_hash', 'id')
local earlier = used[2] and load(used[2])
if not earlier then return {'ok', {}} end
return used[1] == args.body_hash and {'ok', earlier} or {'mismatch'}
