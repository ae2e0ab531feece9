using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Tests.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>Plays a schedule of facts to a whole system with four sources: what a webhook tells, and what only a poll finds.</summary>
internal sealed class AlertWorld : IDisposable
{
    private readonly PriorityQueue<Action<AlertWorld>, (DateTimeOffset At, int Order)> _schedule = new();
    private readonly List<Fact> _told = [];
    private int _order;

    public AlertWorld(TimeSpan? pollInterval = null, Action<AlertingBuilder>? alerts = null, Func<Fact, bool>? isLost = null, TimeSpan? registryInterval = null)
    {
        var interval = pollInterval ?? TimeSpan.FromHours(1);
        IsLost = isLost ?? (static _ => false);
        Watched = new Watched(alerts, l =>
        {
            // Outages are seen by looks; of the rest the webhooks tell.
            foreach (var source in Sources) l.AddAdapter(_ => source.Register(source == Registry ? registryInterval ?? (interval / 6) : interval));
        });
    }

    public TruthSource Host { get; } = new("host", Gates.PrOpened, Gates.Reviewed, Gates.Merged);

    public TruthSource Ci { get; } = new("ci", Gates.MainCi);

    public TruthSource Registry { get; } = new("registry", Gates.ImageBuilt);

    public TruthSource Cluster { get; } = new("cluster", Gates.RolledOut, Gates.Healthy);

    public Watched Watched { get; }

    public IReadOnlyList<IncidentNotice> Notices => Watched.Sink.Notices;

    private TruthSource[] Sources => [Host, Ci, Registry, Cluster];

    private Func<Fact, bool> IsLost { get; }

    public void Dispose() => Watched.Dispose();

    public void At(DateTimeOffset at, Action<AlertWorld> happens) => _schedule.Enqueue(happens, (at, _order++));

    public void At(DateTimeOffset at, params Fact[] facts) => At(at, world =>
    {
        foreach (var fact in facts)
        {
            var source = Array.Find(world.Sources, s => s.Knows(fact));
            source?.Happens(fact);
            if (source is null || (!source.IsAway && !IsLost(fact))) world._told.Add(fact);
        }
    });

    /// <summary>Plays what is scheduled up to an instant; the engine works whenever something is due for it.</summary>
    public async Task PlayAsync(DateTimeOffset until)
    {
        var system = Watched.System;
        await system.Engine.RunDueAsync(default);
        while (system.Now < until)
        {
            var next = until;
            if (_schedule.TryPeek(out _, out var planned) && planned.At < next) next = planned.At;
            if (await system.Engine.NextWakeAsync(default) is { } wake && wake < next) next = wake;
            // As a host does, which looks again after 50 ms at most.
            var least = system.Now.AddMilliseconds(50);
            system.Time.AdvanceTo(next > least ? next : least);
            while (_schedule.TryPeek(out _, out planned) && planned.At <= system.Now) _schedule.Dequeue()(this);
            if (_told.Count > 0)
            {
                await system.TakeAsync(_told.ToArray());
                _told.Clear();
            }
            await system.Engine.RunDueAsync(default);
        }
    }
}
