--! part enqueue
--! part new_job
-- Jobs `first` to `last` of a backlog, each as add.lua makes it.
for number = args.first, args.last do
  args.id = string.format('0199aaaa-bbbb-7ccc-8ddd-%012x', number)
  args.work_id, args.active_key = args.id, string.rep('0', 28) .. args.id
  enqueue(new_job())
end
return {'ok'}
