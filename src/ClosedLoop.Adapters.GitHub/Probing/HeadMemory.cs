using System.Collections.Concurrent;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// What the looks have said of each line's head, so that a line on which nothing happens does not fill the record with a new fact at
/// each look: the same fact is said again. Safe from several threads.
/// </summary>
/// <remarks>
/// Said again with a new time are a head that moved and, at doubling ages and at least every <see cref="LongestSilence"/>, one that did
/// not. The latter overrules a push that came between two looks and was undone by another whose webhook was lost.
/// </remarks>
internal sealed class HeadMemory
{
    /// <summary>The longest that an unmoved head is said with an old time: 15 min.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Key, Entry> _heads = new();

    /// <summary>What to say of a head that was seen, and whether it is a move.</summary>
    /// <param name="seen">The head as the answer shows it; its time is that of the answer.</param>
    public (Fact Fact, bool Moved) Say(Fact seen)
    {
        while (true)
        {
            var known = _heads.GetValueOrDefault(seen.Subject);
            // Two looks at once: the older one has nothing to tell the memory.
            if (known is not null && seen.Ordinal < known.Said.Ordinal) return (seen, false);
            var next = known is null || known.Said.Revision != seen.Revision ? new Entry(seen, seen.OccurredAt) : Again(known, seen);
            if (ReferenceEquals(next, known)) return (next.Said, false);
            if (known is null ? _heads.TryAdd(seen.Subject, next) : _heads.TryUpdate(seen.Subject, next, known))
                return (next.Said, known?.Said.Revision != seen.Revision);
        }
    }

    private static Entry Again(Entry known, Fact seen)
    {
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(seen.Ordinal.Major);
        var said = DateTimeOffset.FromUnixTimeMilliseconds(known.Said.Ordinal.Major);
        bool silent = asOf - known.FirstSeen < 2 * (said - known.FirstSeen) && asOf - said < LongestSilence;
        return silent || asOf == said ? known : known with { Said = seen };
    }

    private sealed record Entry(Fact Said, DateTimeOffset FirstSeen);
}
