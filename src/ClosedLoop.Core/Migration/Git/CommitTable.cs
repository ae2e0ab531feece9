using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ClosedLoop.Migration;

/// <summary>
/// Commits as numbers: ids as raw bytes in one array, everything else in arrays beside it, so that a history of a million commits
/// takes about 100 MB and no string per commit.
/// </summary>
internal sealed class CommitTable(int idBytes)
{
    private const int PoolChunkBytes = 1 << 20;
    private const int MaxSubjectBytes = 1200;

    private int[] _slots = NewSlots(1 << 12);
    private byte[] _ids = new byte[1024 * idBytes];
    private CommitRow[] _rows = new CommitRow[1024];
    private readonly List<int> _parents = [];
    private readonly List<byte[]> _pool = [];
    private int _poolUsed = PoolChunkBytes;

    /// <summary>Commits named so far, as a commit or as a parent.</summary>
    public int Count { get; private set; }

    /// <summary>Commits read so far.</summary>
    public int ReadCount { get; private set; }

    public int IdBytes => idBytes;

    public ref readonly CommitRow this[int commit] => ref _rows[commit];

    /// <summary>The number of a commit; a new one for an id not seen before.</summary>
    public int Intern(ReadOnlySpan<byte> id)
    {
        int mask = _slots.Length - 1;
        int slot = (int)(BinaryPrimitives.ReadUInt32LittleEndian(id) & (uint)mask);
        while (_slots[slot] is var known and >= 0)
        {
            if (Id(known).SequenceEqual(id)) return known;
            slot = (slot + 1) & mask;
        }
        int commit = Count++;
        if (commit == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
            Array.Resize(ref _ids, _rows.Length * idBytes);
        }
        id.CopyTo(_ids.AsSpan(commit * idBytes));
        _slots[slot] = commit;
        if (Count * 2 > _slots.Length) Grow();
        return commit;
    }

    /// <summary>The number of a commit, or -1.</summary>
    public int Find(ReadOnlySpan<byte> id)
    {
        int mask = _slots.Length - 1;
        int slot = (int)(BinaryPrimitives.ReadUInt32LittleEndian(id) & (uint)mask);
        while (_slots[slot] is var known and >= 0)
        {
            if (Id(known).SequenceEqual(id)) return known;
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    public void AddParent(int parent) => _parents.Add(parent);

    /// <summary>Where the next commit's parents will begin.</summary>
    public int ParentMark => _parents.Count;

    /// <summary>Records a commit whose parents were added since the mark.</summary>
    public void Set(int commit, int parentMark, long authoredAt, long committedAt, long pullRequest, ReadOnlySpan<byte> subject)
    {
        if (subject.Length > MaxSubjectBytes) subject = subject[..MaxSubjectBytes];
        if (_poolUsed + subject.Length > PoolChunkBytes)
        {
            _pool.Add(new byte[PoolChunkBytes]);
            _poolUsed = 0;
        }
        subject.CopyTo(_pool[^1].AsSpan(_poolUsed));
        if (!_rows[commit].IsRead) ReadCount++;
        _rows[commit] = new CommitRow
        {
            AuthoredAt = authoredAt,
            CommittedAt = committedAt,
            PullRequest = pullRequest,
            ParentStart = parentMark,
            ParentCount = _parents.Count - parentMark,
            SubjectAt = (((long)_pool.Count - 1) * PoolChunkBytes) + _poolUsed,
            SubjectBytes = (short)subject.Length,
            IsRead = true,
        };
        _poolUsed += subject.Length;
    }

    public ReadOnlySpan<byte> Id(int commit) => _ids.AsSpan(commit * idBytes, idBytes);

    public ReadOnlySpan<int> Parents(int commit) =>
        CollectionsMarshal.AsSpan(_parents).Slice(_rows[commit].ParentStart, _rows[commit].ParentCount);

    public ReadOnlySpan<byte> Subject(int commit)
    {
        long at = _rows[commit].SubjectAt;
        return _rows[commit].SubjectBytes == 0 ? [] : _pool[(int)(at / PoolChunkBytes)].AsSpan((int)(at % PoolChunkBytes), _rows[commit].SubjectBytes);
    }

    private static int[] NewSlots(int length)
    {
        int[] slots = new int[length];
        Array.Fill(slots, -1);
        return slots;
    }

    private void Grow()
    {
        int[] slots = NewSlots(_slots.Length * 2);
        int mask = slots.Length - 1;
        for (int commit = 0; commit < Count; commit++)
        {
            int slot = (int)(BinaryPrimitives.ReadUInt32LittleEndian(Id(commit)) & (uint)mask);
            while (slots[slot] >= 0) slot = (slot + 1) & mask;
            slots[slot] = commit;
        }
        _slots = slots;
    }
}
