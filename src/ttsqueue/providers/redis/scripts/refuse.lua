--! part finish
--! part whereabouts
-- A job from elsewhere that cannot be spoken: it fails at once, and BullMQ's tools show why.
local where = whereabouts(args.bull)
if where == 'waiting' or where == 'delayed' then
  finish({id = args.bull}, 'failed', 'failedReason', args.reason)
end
return {'ok'}
