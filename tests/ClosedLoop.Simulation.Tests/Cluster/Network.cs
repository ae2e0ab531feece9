using System.Globalization;
using ClosedLoop.Intake;
using ClosedLoop.Simulation.Tests.Scheduling;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>Carries webhooks and the agents' calls to the nodes: late, doubled, in another order, or not at all.</summary>
internal sealed class Network(Simulation simulation, Dice dice)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<int, (Announcement Announcement, int Left)> _sent = [];
    private int _last;

    public List<Announcement> Acknowledged { get; } = [];

    public int Open { get; private set; }

    public Announcement Read(int id) => _sent[id].Announcement;

    public void Announce(Source source, Announcement announcement)
    {
        var faults = simulation.Faults;
        int id = ++_last;
        if (dice.Chance(faults.LostWebhook))
        {
            simulation.Figures.WebhooksLost++;
            return;
        }
        int copies = dice.Chance(faults.DoubledWebhook) ? 2 : 1;
        _sent[id] = (announcement, copies);
        for (int i = 0; i < copies; i++) simulation.Scheduler.At(Arrival(dice.Span(TimeSpan.FromMilliseconds(1), faults.WebhookDelay)), () => Send(source, id, retries: dice.Chance(0.5) ? 3 : 0));
    }

    /// <summary>An agent asks until it is told that it is recorded.</summary>
    public void Ask(string item, Change? change)
    {
        Open++;
        if (simulation.Options.Round > TimeSpan.Zero) simulation.Scheduler.At(Arrival(TimeSpan.Zero), Attempt);
        else Attempt();

        void Attempt()
        {
            if (Choose() is not { } node)
            {
                simulation.Scheduler.After(TimeSpan.FromSeconds(10), Attempt);
                return;
            }
            bool answered = false;
            simulation.Scheduler.After(Timeout, () => Answer(false));
            simulation.Scheduler.Start(async () =>
            {
                var result = change is null
                    ? await node.Loop.OpenAsync(new WorkItem(item) { Title = "work on " + item })
                    : await node.Loop.LinkAsync(item, change.Key);
                if (result is { IsRecorded: false, IsBusy: false }) throw new SimulationException($"{node.Name} refused what an agent said of {item}: {result.Refusal}");
                Answer(result.IsRecorded);
            }, node.Life!, () => Answer(false));

            void Answer(bool recorded)
            {
                if (answered) return;
                answered = true;
                if (recorded) Open--;
                else simulation.Scheduler.After(TimeSpan.FromSeconds(5), Attempt);
            }
        }
    }

    private void Send(Source source, int id, int retries)
    {
        if (Choose() is not { } node)
        {
            Ended(false);
            return;
        }
        bool answered = false;
        simulation.Scheduler.After(Timeout, () => Answer(null));
        simulation.Scheduler.Start(async () =>
        {
            simulation.Figures.Deliveries++;
            Answer(await node.ReceiveAsync(source.Name, id.ToString(CultureInfo.InvariantCulture)));
        }, node.Life!, () => Answer(null));

        void Answer(WebhookResult? result)
        {
            if (answered) return;
            answered = true;
            if (result is { Outcome: not (WebhookOutcome.Accepted or WebhookOutcome.Duplicate or WebhookOutcome.Busy) }) throw new SimulationException($"{node.Name} answered a webhook of {source.Name} with {result.Outcome}: {result.Detail}");
            Ended(result?.Outcome is WebhookOutcome.Accepted or WebhookOutcome.Duplicate);
        }

        void Ended(bool taken)
        {
            if (taken)
            {
                if (simulation.Options.RemembersDeliveries) Acknowledged.Add(_sent[id].Announcement);
            }
            else if (retries > 0)
            {
                simulation.Scheduler.After(TimeSpan.FromSeconds(10), () => Send(source, id, retries - 1));
                return;
            }
            var (announcement, left) = _sent[id];
            if (left > 1) _sent[id] = (announcement, left - 1);
            else _sent.Remove(id);
        }
    }

    // In rounds, if so asked: what came meanwhile is there together, in the order in which it was sent.
    private DateTimeOffset Arrival(TimeSpan delay)
    {
        var at = simulation.Scheduler.Now + delay;
        long round = simulation.Options.Round.Ticks;
        return round == 0 ? at : new DateTimeOffset((at.UtcTicks + round - 1) / round * round, TimeSpan.Zero);
    }

    private Node? Choose()
    {
        var up = simulation.Nodes.FindAll(static n => n.IsUp);
        return up.Count == 0 ? null : dice.Pick(up);
    }
}
