namespace ClosedLoop.Facts;

/// <summary>The keys that a walk has come by, in that order, each once: a few are sooner looked through than hashed. Not safe for use by several threads.</summary>
internal sealed class KeyTrail
{
    private const int MostToLookThrough = 12;

    private readonly List<Key> _keys = new(4);
    private HashSet<Key>? _set;

    public int Count => _keys.Count;

    public Key this[int place] => _keys[place];

    /// <summary>Begins another walk.</summary>
    public void Clear()
    {
        _keys.Clear();
        _set = null;
    }

    /// <returns>Whether the key is new.</returns>
    public bool Add(Key key)
    {
        if (_set is not null)
        {
            if (!_set.Add(key)) return false;
        }
        else
        {
            foreach (var known in _keys)
                if (known.Equals(key)) return false;
            if (_keys.Count == MostToLookThrough) _set = [.. _keys, key];
        }
        _keys.Add(key);
        return true;
    }

    /// <summary>Adds what it has come by to a set.</summary>
    public void AddTo(HashSet<Key> keys)
    {
        foreach (var key in _keys) keys.Add(key);
    }
}
