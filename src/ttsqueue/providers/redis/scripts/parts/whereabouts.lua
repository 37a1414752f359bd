-- Where BullMQ has a job: waiting, delayed, active, completed, failed; astray when it is in none of the lists; nil when
-- there is no such job.
local function whereabouts(bull)
  if call('EXISTS', BULL .. bull) == 0 then return nil end
  if call('ZSCORE', BULL .. 'prioritized', bull) then return 'waiting' end
  for _, set in ipairs({'delayed', 'completed', 'failed'}) do
    if call('ZSCORE', BULL .. set, bull) then return set end
  end
  if call('LPOS', BULL .. 'active', bull) then return 'active' end
  if call('LPOS', BULL .. 'wait', bull) or call('LPOS', BULL .. 'paused', bull) then return 'waiting' end
  return 'astray'
end
