using System.Globalization;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Tests.Support;
using ClosedLoop.Alerting.Watchdog;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Tests.Watchdog;

public sealed class PulseTests
{
    [Fact]
    public async Task A_pulse_says_how_far_the_engine_and_each_source_were_read()
    {
        var source = new FakeSource();
        var sink = new PulseSink();
        using var watched = Watch(source, sink);
        await watched.MergeAsync(1);
        await watched.RunToAsync(10);

        long end = (await watched.System.Get<ILoopQueries>().ReadTransitionsAsync(new TransitionQuery { Limit = 1_000 }))[^1].Sequence;
        Assert.Equal(end.ToString(CultureInfo.InvariantCulture), sink.Of(PulseTaker.Engine).Cursor);
        var fake = sink.Of("fake");
        Assert.Equal(fake.LastGoodPollAt, Read(fake.Cursor));

        // One that stops half way got as far as it says, and no further; one that does not answer got nowhere.
        var half = watched.Now - TimeSpan.FromMinutes(3);
        source.Answer = batch => batch.SweepSince is null ? null : ProbeResult.Unreachable("connection reset") with { SweptUntil = half };
        await watched.RunToAsync(13);
        var before = Read(sink.Of("fake").Cursor);
        Assert.InRange(before, half, Given.At(10) + TimeSpan.FromSeconds(1));
        Assert.NotNull(sink.Of("fake").BlindSince);
        await watched.RunToAsync(20);
        Assert.Equal(before, Read(sink.Of("fake").Cursor));
    }

    [Fact]
    public async Task What_was_never_read_has_no_cursor()
    {
        var sink = new PulseSink();
        using var watched = Watch(new FakeSource { Answer = static _ => ProbeResult.Unreachable("connection refused") }, sink);
        await watched.RunToAsync(3);
        var pulse = sink.Of("fake");
        Assert.Null(pulse.Cursor);
        Assert.Null(pulse.LastGoodPollAt);
    }

    private static Watched Watch(FakeSource source, PulseSink sink) => new(a => a.AddSink(_ => sink), l => l.AddAdapter(_ => source.Register()));

    private static DateTimeOffset Read(string? cursor) => DateTimeOffset.Parse(cursor!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private sealed class PulseSink : IStandingSink
    {
        private IReadOnlyList<Pulse> _last = [];

        public string Name => "pulses";

        public TimeSpan RefreshEvery => TimeSpan.FromSeconds(30);

        public Pulse Of(string source) => _last.Single(p => p.Source == source);

        public ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken) => new((string?)null);

        public ValueTask RefreshAsync(IReadOnlyList<IncidentNotice> firing, IReadOnlyList<Pulse> pulses, CancellationToken cancellationToken)
        {
            _last = pulses;
            return default;
        }
    }
}
