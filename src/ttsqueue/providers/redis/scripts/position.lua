--! part promote
local job = load(args.id)
if not job then return {'missing'} end
if job.status ~= 'pending' then return {'ok', -1} end
promote()
local prioritized, later, id = BULL .. 'prioritized', OURS .. 'later', bull_id(job)
local rank = call('ZRANK', prioritized, id)
if rank then return {'ok', rank} end
-- It is delayed: all that may be claimed before it, by the time that it is due.
local before = 0
for level = 1, job.priority - 1 do
  local first, last = level * 4294967296, level * 4294967296 + job.run_at / 1000000
  before = before + call('ZCOUNT', prioritized, first, (level + 1) * 4294967296 - 1) + call('ZCOUNT', later, first, last)
end
local first = job.priority * 4294967296
local others = call('ZRANK', later, id) or 0
others = others - call('ZCOUNT', later, '-inf', '(' .. text(first))
before = before + others + call('ZCOUNT', prioritized, first, '(' .. text(place(job)))
return {'ok', before}
