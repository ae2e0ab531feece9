using System.Globalization;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Calls the address as long as the engine gets its rounds done; says nothing of incidents.</summary>
internal sealed class HeartbeatSink(HeartbeatOptions options, SinkPost post, TimeProvider time) : IStandingSink
{
    private const string Engine = "engine";

    public string Name => options.Name;

    public TimeSpan RefreshEvery => options.Every;

    public ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public async ValueTask RefreshAsync(IReadOnlyList<IncidentNotice> firing, IReadOnlyList<Pulse> pulses, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // A pulse alone shows that a timer runs; a finished round shows that work gets done.
        if (!pulses.Any(p => p.Source == Engine && IsFresh(p.At) && p.LastGoodPollAt is { } round && IsFresh(round))) return;
        var answer = await post.SendAsync(
            options.Post ? HttpMethod.Post : HttpMethod.Get,
            options.Url!,
            request => request.Content = options.Post ? new StringContent(Text(pulses), Encoding.UTF8, "text/plain") : null,
            cancellationToken).ConfigureAwait(false);
        if (answer.Kind != SourceAnswerKind.Found) throw SinkPost.Later(answer);

        bool IsFresh(DateTimeOffset at) => now - at <= options.FreshWithin;
    }

    private static string Text(IReadOnlyList<Pulse> pulses)
    {
        var text = new StringBuilder();
        foreach (var pulse in pulses.Take(100))
        {
            text.Append(SafeText.Line(pulse.Source, 100));
            if (pulse.LastGoodPollAt is { } good) text.Append(CultureInfo.InvariantCulture, $" last good {good.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
            if (pulse.BlindSince is { } blind) text.Append(CultureInfo.InvariantCulture, $" blind since {blind.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
            if (pulse.Lag is { } lag) text.Append(CultureInfo.InvariantCulture, $" lag {lag.TotalSeconds:0} s");
            if (pulse.Cursor is { } cursor) text.Append(CultureInfo.InvariantCulture, $" read until {SafeText.Line(cursor, 100)}");
            text.Append('\n');
        }
        return text.ToString();
    }
}
