for _, lease in ipairs(args.leases) do
  local decided = call('HGET', OURS .. 'arrivals', lease[1])
  if decided and cjson.decode(decided)[1] == lease[2] then
    call('ZADD', OURS .. 'closed-arrivals', 'NX', now, lease[1])
  end
end
return {'ok'}
