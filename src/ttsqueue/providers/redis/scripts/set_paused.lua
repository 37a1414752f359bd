--! bullmq pause-7
--! part when_full
local b = function(name) return BULL .. name end
pass_when_full()
bull_pause(
  {args.paused and b'wait' or b'paused', args.paused and b'paused' or b'wait', b'meta', b'prioritized', b'events',
   b'delayed', b'marker'},
  {args.paused and 'paused' or 'resumed', '1'}
)
announce('', true)
return {'ok'}
