using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Finds the changes in the places that a batch concerns. What is more than one transaction takes is written down in the line index
/// (<c>z repo chain from to instant</c>) and taken up by the next ones.
/// </summary>
internal sealed class ConcernQueue(LineIndex index, LineMap map)
{
    private const int MaxRead = 50_000;

    /// <summary>The repositories with places that still wait.</summary>
    public HashSet<string> Waiting { get; } = new(StringComparer.Ordinal);

    public async ValueTask TakeAsync(IEnumerable<AffectedRange> ranges, HashSet<Key> changes, int limit)
    {
        foreach (var range in Union(ranges))
            if (await TakeAsync(range, changes, limit).ConfigureAwait(false) is { } rest)
                Defer(rest);
    }

    public async ValueTask ContinueAsync(string repository, HashSet<Key> changes, int limit)
    {
        await map.GraphAsync(repository).ConfigureAwait(false);
        foreach (var row in await index.ScanAsync(LineKeys.Under(LineKeys.Concerns(repository))).ConfigureAwait(false))
        {
            if (changes.Count >= limit)
            {
                Waiting.Add(repository);
                return;
            }
            string[] parts = row.Key.Split('\t');
            var range = new AffectedRange(
                repository,
                int.Parse(parts[2], CultureInfo.InvariantCulture),
                LineKeys.ReadPosition(parts[3]),
                LineKeys.ReadPosition(parts[4]),
                new DateTimeOffset(long.Parse(parts[5], CultureInfo.InvariantCulture), TimeSpan.Zero),
                parts[6].Length == 0 ? null : parts[6]);
            index.Remove(row.Key);
            if (await TakeAsync(range, changes, limit).ConfigureAwait(false) is { } rest) Defer(rest);
        }
    }

    private void Defer(AffectedRange range)
    {
        Waiting.Add(range.Repository);
        index.Put(
            string.Create(CultureInfo.InvariantCulture, $"{LineKeys.Concerns(range.Repository, range.Chain)}{LineKeys.Position(range.From)}\t{LineKeys.Position(range.To)}\t{range.LandedSince.UtcTicks}\t{range.Branch}"),
            "");
    }

    private async ValueTask<AffectedRange?> TakeAsync(AffectedRange range, HashSet<Key> changes, int limit)
    {
        const int PageSize = 1_024;
        string prefix = LineKeys.EffectsByPlace(range.Repository, range.Chain);
        string from = prefix + LineKeys.Position(range.From), to = prefix + LineKeys.Position(range.To == long.MaxValue ? range.To : range.To + 1);
        for (int read = 0; ; read += PageSize)
        {
            var rows = await index.ScanAsync(new IndexRange(from, to, PageSize)).ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (changes.Count >= limit) return range with { From = LineKeys.ReadPosition(row.Key.Split('\t')[3]) };
                from = $"{row.Key}\t";
                // What takes a change away concerns it, whenever it landed.
                if (row.Value[0] == '-' || (Effect.Read(row.Value) is var effect && effect.At >= range.LandedSince && (range.Branch is null || effect.Branch is null || effect.Branch == range.Branch))) changes.Add(Key.Parse(LineKeys.Last(row.Key)));
            }
            if (rows.Count < PageSize) return null;
            // Most of what is read may be of other branches: also reading has an end.
            if (read >= MaxRead) return range with { From = LineKeys.ReadPosition(rows[^1].Key.Split('\t')[3]) };
        }
    }

    // A build concerns overlapping places several times over: they are read once.
    private static IEnumerable<AffectedRange> Union(IEnumerable<AffectedRange> ranges)
    {
        foreach (var chain in ranges.GroupBy(static r => (r.Repository, r.Chain, r.LandedSince, r.Branch)))
        {
            AffectedRange? open = null;
            foreach (var range in chain.OrderBy(static r => r.From))
            {
                if (open is { } last && (last.To == long.MaxValue || range.From <= last.To + 1))
                {
                    open = last with { To = Math.Max(last.To, range.To) };
                    continue;
                }
                if (open is { } done) yield return done;
                open = range;
            }
            if (open is { } end) yield return end;
        }
    }
}
