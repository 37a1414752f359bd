local state = call('HMGET', OURS .. 'schema', 'version', 'usable_from')
return {'ok', tonumber(state[1] or 0), tonumber(state[2] or 1)}
