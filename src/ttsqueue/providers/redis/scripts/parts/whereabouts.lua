-- Where BullMQ has a job: waiting, delayed, active, completed, failed; astray when it is in none of the lists; nil when
-- there is no such job. And the plain list in which it waits, if it does: there, what is looked for is mostly old.
local function whereabouts(bull)
  if call('EXISTS', BULL .. bull) == 0 then return nil end
  if call('ZSCORE', BULL .. 'prioritized', bull) then return 'waiting' end
  for _, set in ipairs({'delayed', 'completed', 'failed'}) do
    if call('ZSCORE', BULL .. set, bull) then return set end
  end
  if call('LPOS', BULL .. 'active', bull) then return 'active' end
  for _, list in ipairs({'wait', 'paused'}) do
    if call('LPOS', BULL .. list, bull, 'RANK', -1) then return 'waiting', list end
  end
  return 'astray'
end

-- Whether a job of others is to become ours. One that failed and was never begun, we have refused.
local function is_wanted(bull, where)
  if where == 'completed' or where == 'failed' then return call('HEXISTS', BULL .. bull, 'processedOn') == 1 end
  return where and where ~= 'astray'
end
