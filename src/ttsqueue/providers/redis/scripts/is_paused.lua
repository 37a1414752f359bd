return {'ok', call('HEXISTS', BULL .. 'meta', 'paused')}
