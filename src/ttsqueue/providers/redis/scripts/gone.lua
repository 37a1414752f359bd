--! part enqueue
--! part shelves
for _, lease in ipairs(args.leases) do
  if tonumber(call('HGET', away('job:', lease[1]), 'lease') or -1) == lease[2] then
    for _, part in ipairs(PARTS) do call('DEL', away(part, lease[1])) end
    call('HDEL', OURS .. 'departed', lease[1])
  end
end
return {'ok'}
