using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>How long after something was true the record said so: from the transition log.</summary>
internal sealed class DelayMeter(ILoopStore store, IReadOnlyDictionary<(string Item, string Gate), DateTimeOffset> truth)
{
    private readonly Dictionary<(string Item, string Gate), DateTimeOffset> _seen = [];
    private long _after;

    public DateTimeOffset Since { get; set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;

    public int Count => Measured.Count();

    public int Unseen => Wanted.Count(t => !_seen.ContainsKey(t.Key));

    public string FirstUnseen => Wanted.Where(t => !_seen.ContainsKey(t.Key)).Select(static t => $"{t.Key.Gate} of {t.Key.Item} at {t.Value:u}").FirstOrDefault() ?? "none";

    private IEnumerable<KeyValuePair<(string Item, string Gate), DateTimeOffset>> Wanted => truth.Where(t => t.Value >= Since && t.Value < Until);

    private IEnumerable<double> Measured => Wanted.Where(t => _seen.ContainsKey(t.Key)).Select(t => Math.Max(0, (_seen[t.Key] - t.Value).TotalSeconds));

    public double Percentile(int percent) => Spread.Percentile([.. Measured], percent);

    public async Task ReadAsync(DateTimeOffset now)
    {
        while (true)
        {
            var page = await store.ReadTransitionsAsync(new TransitionQuery { After = _after, Limit = 1000 }, default);
            foreach (var transition in page)
            {
                _after = transition.Sequence;
                if (transition is { Kind: TransitionKind.Gate, To: GateStatus.Passed, Gate: { } gate }) _seen.TryAdd((transition.ItemId, gate), now);
            }
            if (page.Count < 1000) return;
        }
    }
}
