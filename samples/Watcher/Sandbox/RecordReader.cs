using ClosedLoop.Hosting;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>Reads the record as it grows and judges it against the sandbox's truth.</summary>
internal sealed class RecordReader(ILoopQueries queries, SandboxTruth truth, TimeProvider time)
{
    private const int Page = 500;

    private readonly List<Transition> _transitions = [];

    public IReadOnlyList<Transition> Transitions => _transitions;

    public async Task<TruthReport> CompareAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long after = _transitions.Count == 0 ? 0 : _transitions[^1].Sequence;
            var page = await queries.ReadTransitionsAsync(new TransitionQuery { After = after, Limit = Page }, cancellationToken);
            _transitions.AddRange(page);
            if (page.Count < Page) break;
        }
        var states = new List<ItemState>();
        string? cursor = null;
        do
        {
            var page = await queries.ListAsync(new ItemQuery { Limit = Page, Cursor = cursor }, cancellationToken);
            states.AddRange(page.Items.Select(static s => s.State));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return TruthComparison.Compare(truth, _transitions, states, time.GetUtcNow());
    }
}
