namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// How many subjects GitHub manages in one query: it gives a query ten seconds and charges for what it gave up. Halved when it was too
/// slow, and a little more again with each full query that was answered. Safe from several threads: a lost update only costs a query.
/// </summary>
internal sealed class ChunkMemory
{
    /// <summary>The most subjects in one query.</summary>
    public const int Most = 100;

    /// <summary>Fewer are not tried.</summary>
    public const int Least = 10;

    private const int Step = 5;

    private volatile int _size = Most;

    public int Size => _size;

    public void TooSlow(int asked) => _size = Math.Max(Least, Math.Min(_size, asked / 2));

    public void Answered(int asked)
    {
        if (asked >= _size) _size = Math.Min(Most, _size + Step);
    }
}
