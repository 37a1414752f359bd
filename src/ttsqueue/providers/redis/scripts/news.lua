-- What both streams tell past the given places: where they end now, the ids of our jobs that changed, whether there may
-- be work, whether tools have touched the queue as a whole, and the ids of BullMQ's jobs that others moved.
local MANY = 1000
local MOVES = {added = 1, waiting = 1, delayed = 1, active = 1, progress = 1, completed = 1, failed = 1, removed = 1}
local OF_ALL = {paused = 1, resumed = 1, cleaned = 1} -- what is obliterated is paused before, and the stream goes

local function millisecond(entry)
  return tonumber(string.match(entry, '^%d+'))
end

-- Of a book that another worker speaks and that is none of ours, its end is enough.
local function concerns_us(event, bull)
  if event ~= 'progress' then return MOVES[event] end
  local id = id_of(bull)
  return id and call('EXISTS', key_of(id)) == 1
end

local changes = call('XRANGE', OURS .. 'changes', '(' .. args.changes, '+', 'COUNT', MANY)
local ids, seen, wakes = {}, {}, 0
for _, change in ipairs(changes) do
  local fields = change[2] -- ids, wakes; of others
  if fields[4] == '1' then wakes = 1 end
  for id in string.gmatch(fields[2], '%S+') do
    if not seen[id] then ids[#ids + 1] = id end
    seen[id] = fields[5] and (seen[id] or 0) or millisecond(change[1])
  end
end

local events = call('XRANGE', BULL .. 'events', '(' .. args.events, '+', 'COUNT', MANY)
local moves, bulls, of_all = {}, {}, 0
for _, entry in ipairs(events) do
  local event, bull
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'event' then event = entry[2][i + 1] end
    if entry[2][i] == 'jobId' then bull = entry[2][i + 1] end
  end
  if event == 'resumed' then wakes = 1 end
  if OF_ALL[event] then of_all = 1 end
  if bull and MOVES[event] then
    moves[#moves + 1], bulls[#bulls + 1] = {event, millisecond(entry[1])}, bull
  end
end

local names = #bulls > 0 and call('HMGET', OURS .. 'foreign', unpack(bulls)) or {}
local moved, is_known = {}, {}
for place, bull in ipairs(bulls) do
  local event, at = unpack(moves[place])
  if not is_known[bull] and at > (seen[names[place] or bull] or 0) and concerns_us(event, bull) then
    is_known[bull] = true
    moved[#moved + 1] = bull
  end
end
if #events == 0 and args.events ~= '0-0' and call('EXISTS', BULL .. 'events') == 0 then of_all = 1 end

local last = function(entries, given) return #entries > 0 and entries[#entries][1] or given end
return {'ok', last(changes, args.changes), last(events, args.events), ids, wakes, of_all, moved}
