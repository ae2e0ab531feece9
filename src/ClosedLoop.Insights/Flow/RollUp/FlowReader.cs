using ClosedLoop.Hosting;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Storage;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>Reads the report from the roll-up's documents: each time its head, and then only the parts that changed since the last time.</summary>
internal sealed class FlowReader(EngineStart start, ILoopStore store, PipelineCatalog pipelines, TimeProvider time, IOptions<InsightsOptions> options) : IFlow, IDisposable
{
    private const int MaxAttempts = 20;

    private readonly SemaphoreSlim _one = new(1, 1);
    private RollUpState _state = new();

    public void Dispose() => _one.Dispose();

    public async ValueTask<FlowReport> ReportAsync(CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await RefreshAsync(cancellationToken).ConfigureAwait(false);
            return Report(time.GetUtcNow());
        }
        finally
        {
            _one.Release();
        }
    }

    private async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            var head = await store.DocumentAsync(PartNames.Head, cancellationToken).ConfigureAwait(false);
            if ((head?.Version ?? 0) == _state.Version) return;
            var state = _state;
            // What breaks off half way is read from the start.
            _state = new RollUpState();
            if (!await state.LoadAsync(store, head, cancellationToken).ConfigureAwait(false))
            {
                if (attempt == MaxAttempts) throw new StoreUnavailableException("The roll-up of flow changes all the time; try again.");
                continue;
            }
            _state = state;
            return;
        }
    }

    private FlowReport Report(DateTimeOffset now)
    {
        if (_state.Version == 0) return new FlowReport { At = now, IsCatchingUp = true };
        var head = _state.Head;
        string[] configured = [pipelines.DefaultName, .. pipelines.All.Select(static p => p.Name).Where(n => n != pipelines.DefaultName)];
        var names = configured.Concat(_state.Pipelines.Except(configured, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        var present = IsoWeek.Of(head.At);
        var began = head.Pipelines.Values.Select(static p => p.Began).DefaultIfEmpty(head.At).Min();
        var full = Enumerable.Range(1, RollUpState.KeptWeeks - 1).Select(i => present.Add(-i)).Where(w => w.Start >= began).ToList();
        return new FlowReport
        {
            At = now,
            AsOf = head.At,
            Through = head.Through,
            IsCatchingUp = head.IsCatchingUp,
            Pipelines = [.. names.Select(name => new PipelineReport(name, pipelines.Find(name), _state, head.At, now, options.Value).Read())],
            Environments =
            [
                .. _state.AllSeries.Where(static s => s.Key.Series == SeriesNames.Deployments).GroupBy(static s => s.Key.Owner, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal)
                    .Select(g => EnvironmentReport.Of(g.Key, [.. g.OrderBy(static s => s.Key.Week).SelectMany(static s => s.Value.Values).Select(DeploymentEvent.Unpack)], full)),
            ],
        };
    }
}
