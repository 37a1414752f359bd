-- How many of the jobs that are over BullMQ keeps from now on, by the options with which a producer added this one: all of
-- them, a number, or also by age in seconds. As BullMQ's own workers read it, and nonsense is no wish.
local ALL, NO_LIMIT = -1, 1e9
local OPTION = {completed = 'removeOnComplete', failed = 'removeOnFail'}

local function limit_of(value)
  return type(value) == 'number' and math.floor(math.max(ALL, math.min(value, NO_LIMIT))) or nil
end

local function kept_jobs(options, target)
  if not options or not string.find(options, OPTION[target], 1, true) then return {count = ALL} end
  local fine, given = pcall(cjson.decode, options)
  local wish = fine and type(given) == 'table' and given[OPTION[target]]
  if wish == true then return {count = 0} end
  if type(wish) == 'number' then return {count = limit_of(wish)} end
  if type(wish) ~= 'table' then return {count = ALL} end
  local age = limit_of(wish.age)
  return {count = limit_of(wish.count) or ALL, age = age and math.max(age, 0), limit = limit_of(wish.limit)}
end
