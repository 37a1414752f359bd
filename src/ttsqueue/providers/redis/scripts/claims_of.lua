local found = {}
for _, id in ipairs(call('ZRANGE', OURS .. 'status:processing', 0, -1)) do
  local job = load(id)
  if job.worker_id == args.worker then found[#found + 1] = job end
end
return {'ok', found}
