using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>
/// Who may go on. As long as this node is the only one that writes, it loads, folds and commits without a lock, and nothing is taken. Once
/// another node was seen to write, a load that is to be committed waits for its turn and holds the mark from then to its commit: no fold is
/// lost twice, and nodes that are busy at the same time go one after the other. See docs/adr/0004. Safe from several threads.
/// </summary>
internal sealed class Turns
{
    private NpgsqlConnection? _held;
    private long _known = -1;
    private volatile bool _contended;

    /// <summary>Whether the next load that is to be committed takes a turn.</summary>
    public bool Wanted => _contended && Held is null;

    /// <summary>A load that is to be committed has read the mark.</summary>
    public void Saw(long mark, bool inNewTurn)
    {
        long known = Interlocked.Exchange(ref _known, mark);
        if (known >= 0 && known != mark) _contended = true;
        else if (inNewTurn) _contended = false;
    }

    /// <summary>A commit of this node has set the mark.</summary>
    public void Stored(long mark) => Interlocked.Exchange(ref _known, mark);

    /// <summary>A commit came too late.</summary>
    public void Lost() => _contended = true;

    /// <summary>Keeps a turn for the commit that follows.</summary>
    /// <returns>False when there is one already; then the caller ends his.</returns>
    public bool Keep(NpgsqlConnection turn) => Interlocked.CompareExchange(ref _held, turn, null) is null;

    /// <summary>The turn that is held; null when there is none.</summary>
    public NpgsqlConnection? Held => Volatile.Read(ref _held);

    /// <summary>Hands out a turn, to be used and ended; null when it is not held any more.</summary>
    public NpgsqlConnection? Take(NpgsqlConnection? turn) => turn is not null && Interlocked.CompareExchange(ref _held, null, turn) == turn ? turn : null;
}
