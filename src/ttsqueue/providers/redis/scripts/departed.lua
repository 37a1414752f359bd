return {'ok', call('HGETALL', OURS .. 'departed')}
