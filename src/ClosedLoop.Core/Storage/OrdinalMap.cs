namespace ClosedLoop.Storage;

/// <summary>
/// Values by key, in the ordinal order of the keys. Kept in blocks: a search looks at a few arrays and not at a node for each step, and
/// asking for a range allocates nothing. Not safe for use by several threads.
/// </summary>
internal sealed class OrdinalMap<T>
{
    private const int BlockSize = 128;
    private readonly List<Block> _blocks = [];

    public int Count { get; private set; }

    public void Clear()
    {
        _blocks.Clear();
        Count = 0;
    }

    public bool TryGet(string key, out T value)
    {
        if (Place(key, out var block, out int at))
        {
            value = block.Values[at];
            return true;
        }
        value = default!;
        return false;
    }

    /// <summary>Adds a key, or gives it another value.</summary>
    public void Set(string key, T value)
    {
        if (_blocks.Count == 0) _blocks.Add(new Block());
        int b = BlockOf(key);
        var block = _blocks[b];
        int at = block.Find(key);
        if (at >= 0)
        {
            block.Values[at] = value;
            return;
        }
        at = ~at;
        if (block.Count == BlockSize)
        {
            // Most keys that come at the end are followed by others at the end: a full block is left full.
            int keep = b == _blocks.Count - 1 && at == BlockSize ? BlockSize : BlockSize / 2;
            var next = block.Split(keep);
            _blocks.Insert(b + 1, next);
            if (at >= keep) (block, at) = (next, at - keep);
        }
        block.Insert(at, key, value);
        Count++;
    }

    public bool Remove(string key)
    {
        if (_blocks.Count == 0) return false;
        int b = BlockOf(key);
        int at = _blocks[b].Find(key);
        if (at < 0) return false;
        _blocks[b].RemoveAt(at);
        if (_blocks[b].Count == 0) _blocks.RemoveAt(b);
        Count--;
        return true;
    }

    /// <summary>The place of the first key at or after a key.</summary>
    public Cursor From(string key)
    {
        if (_blocks.Count == 0) return new Cursor(this, 0, 0);
        int b = BlockOf(key);
        int at = _blocks[b].Find(key);
        if (at < 0) at = ~at;
        return at < _blocks[b].Count ? new Cursor(this, b, at) : new Cursor(this, b + 1, 0);
    }

    private bool Place(string key, out Block block, out int at)
    {
        if (_blocks.Count == 0)
        {
            (block, at) = (null!, -1);
            return false;
        }
        block = _blocks[BlockOf(key)];
        at = block.Find(key);
        return at >= 0;
    }

    // The last block that begins at or before a key; the first when none does.
    private int BlockOf(string key)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (string.CompareOrdinal(_blocks[middle].Keys[0], key) <= 0) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /// <summary>A place between or at the keys. Good until the map changes.</summary>
    public struct Cursor(OrdinalMap<T> map, int block, int at)
    {
        private int _block = block;
        private int _at = at;

        /// <summary>Whether there is a key at this place; not so beyond the last.</summary>
        public readonly bool IsAtKey => _block < map._blocks.Count && _at < map._blocks[_block].Count;

        public readonly string Key => map._blocks[_block].Keys[_at];

        public readonly T Value => map._blocks[_block].Values[_at];

        public void Next()
        {
            if (++_at < map._blocks[_block].Count) return;
            _block++;
            _at = 0;
        }

        /// <summary>Goes to the key before it.</summary>
        /// <returns>False when there is none.</returns>
        public bool Back()
        {
            if (--_at >= 0) return true;
            if (_block == 0)
            {
                _at = 0;
                return false;
            }
            _block--;
            _at = map._blocks[_block].Count - 1;
            return true;
        }
    }

    private sealed class Block
    {
        public string[] Keys { get; private init; } = new string[BlockSize];

        public T[] Values { get; private init; } = new T[BlockSize];

        public int Count { get; private set; }

        /// <summary>The place of a key; the complement of where it would be when it is not here.</summary>
        public int Find(string key)
        {
            int low = 0, high = Count - 1;
            while (low <= high)
            {
                int middle = (low + high) / 2;
                int order = string.CompareOrdinal(Keys[middle], key);
                if (order == 0) return middle;
                if (order < 0) low = middle + 1;
                else high = middle - 1;
            }
            return ~low;
        }

        public void Insert(int at, string key, T value)
        {
            Array.Copy(Keys, at, Keys, at + 1, Count - at);
            Array.Copy(Values, at, Values, at + 1, Count - at);
            (Keys[at], Values[at]) = (key, value);
            Count++;
        }

        public void RemoveAt(int at)
        {
            Count--;
            Array.Copy(Keys, at + 1, Keys, at, Count - at);
            Array.Copy(Values, at + 1, Values, at, Count - at);
            (Keys[Count], Values[Count]) = (null!, default!);
        }

        /// <summary>Moves what is after the first ones into another block.</summary>
        public Block Split(int keep)
        {
            var rest = new Block { Count = Count - keep };
            Array.Copy(Keys, keep, rest.Keys, 0, rest.Count);
            Array.Copy(Values, keep, rest.Values, 0, rest.Count);
            Array.Clear(Keys, keep, rest.Count);
            Array.Clear(Values, keep, rest.Count);
            Count = keep;
            return rest;
        }
    }
}
