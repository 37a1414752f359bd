--! part finish
--! part whereabouts
-- A job from elsewhere that cannot be spoken: it fails at once, and BullMQ's tools show why.
local where, id = whereabouts(args.bull), id_of(args.bull)
local is_ours = id and load(id)
if not is_ours and (where == 'waiting' or where == 'delayed') then
  finish({id = args.bull}, 'failed', 'failedReason', args.reason)
end
return {'ok'}
