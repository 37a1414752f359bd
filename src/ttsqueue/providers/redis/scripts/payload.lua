local payload = call('HGET', OURS .. 'book:' .. args.id, 'payload')
return payload and {'ok', payload} or {'missing'}
