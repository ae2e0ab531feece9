using System.Net.Http.Headers;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Tells every replica of Alertmanager. An alert carries the end until which it is believed, so one that is no longer told again ends by itself;
/// a delivery counts when one replica took it, as the others hear of it in the next round.
/// </summary>
internal sealed partial class AlertmanagerSink(AlertmanagerOptions options, SinkPost post, TimeProvider time, ILogger<AlertmanagerSink> logger) : IStandingSink, IDisposable
{
    // How much longer than one round an alert is believed.
    private const int BelievedRounds = 4;

    private readonly AlertWriter _writer = new(options);
    private readonly Uri[] _targets = [.. options.Addresses.Select(static a => new Uri(a.AbsoluteUri.EndsWith('/') ? a : new Uri(a.AbsoluteUri + "/"), "api/v2/alerts"))];
    private readonly bool[] _isDown = new bool[options.Addresses.Count];
    // A round must not tell again what was resolved while it was on its way.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, AlertIdentity> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Episode, int Number, DateTimeOffset At)> _over = new(StringComparer.Ordinal);

    public string Name => options.Name;

    public TimeSpan RefreshEvery => options.RefreshEvery;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            bool over = notice.Kind == IncidentNoticeKind.Resolved;
            var identity = AlertIdentity.Of(notice, options.SeverityAsLabel);
            var alerts = new List<Action<Utf8JsonWriter>> { json => _writer.Incident(json, notice, identity, now, over ? now : now + (options.RefreshEvery * BelievedRounds)) };
            foreach (var former in Former(notice, identity, AlertIdentity.Read(handle))) alerts.Add(json => _writer.Incident(json, notice, former, now, now));
            if (await PostAsync(alerts, cancellationToken).ConfigureAwait(false) is { } failure) throw failure;
            if (!over)
            {
                _told[notice.IncidentId] = identity;
                return identity.ToString();
            }
            _told.Remove(notice.IncidentId);
            _over[notice.IncidentId] = (notice.Episode, notice.Number, now);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask RefreshAsync(IReadOnlyList<IncidentNotice> firing, IReadOnlyList<Pulse> pulses, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            var believed = options.RefreshEvery * BelievedRounds;
            var alerts = new List<Action<Utf8JsonWriter>>();
            // The watchdog first: it must come whatever else is wrong.
            foreach (var pulse in pulses)
                if (now - pulse.At < believed) alerts.Add(json => _writer.Watchdog(json, pulse, now, now + believed));
            var told = new Dictionary<string, AlertIdentity>(StringComparer.Ordinal);
            foreach (var notice in firing)
            {
                if (IsOver(notice)) continue;
                var identity = told[notice.IncidentId] = AlertIdentity.Of(notice, options.SeverityAsLabel);
                alerts.Add(json => _writer.Incident(json, notice, identity, now, now + believed));
                foreach (var former in Former(notice, identity, null)) alerts.Add(json => _writer.Incident(json, notice, former, now, now));
            }
            Exception? failure = null;
            foreach (var batch in alerts.Chunk(options.BatchSize)) failure = await PostAsync(batch, cancellationToken).ConfigureAwait(false) ?? failure;
            if (failure is not null) throw failure;
            Remember(told, now - believed);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    // The alerts that the incident had under other labels.
    private IEnumerable<AlertIdentity> Former(IncidentNotice notice, AlertIdentity identity, AlertIdentity? handle)
    {
        var told = _told.GetValueOrDefault(notice.IncidentId);
        if (told is not null && told != identity) yield return told;
        if (handle is not null && handle != identity && handle != told) yield return handle;
    }

    private bool IsOver(IncidentNotice notice) =>
        notice.Kind == IncidentNoticeKind.Resolved || (_over.TryGetValue(notice.IncidentId, out var over) && (notice.Episode, notice.Number).CompareTo((over.Episode, over.Number)) <= 0);

    private void Remember(Dictionary<string, AlertIdentity> told, DateTimeOffset forgetBefore)
    {
        _told.Clear();
        foreach (var (incident, identity) in told) _told[incident] = identity;
        foreach (string incident in _over.Where(o => o.Value.At < forgetBefore).Select(static o => o.Key).ToList()) _over.Remove(incident);
    }

    // Null when a replica took it.
    private async ValueTask<Exception?> PostAsync(IReadOnlyCollection<Action<Utf8JsonWriter>> alerts, CancellationToken cancellationToken)
    {
        byte[] body = JsonBody.Write(json =>
        {
            json.WriteStartArray();
            foreach (var alert in alerts) alert(json);
            json.WriteEndArray();
        });
        var answers = await Task.WhenAll(_targets.Select(target => SendAsync(target, body, cancellationToken))).ConfigureAwait(false);
        for (int i = 0; i < answers.Length; i++) Note(i, answers[i]);
        if (answers.Any(static a => a.Kind == SourceAnswerKind.Found)) return null;
        // Of a batch with a bad alert the good ones are stored; the same batch would be refused again.
        int refused = Array.FindIndex(answers, static a => a.StatusCode is 400 or 413 or 415 or 422);
        if (refused >= 0) return post.Never(_targets[refused], $"refused the alert (HTTP {answers[refused].StatusCode}){SinkPost.Said(answers[refused])}", "check that it is an Alertmanager of version 0.22 or later");
        return SinkPost.Later(answers[0]);
    }

    private Task<SourceAnswer> SendAsync(Uri target, byte[] body, CancellationToken cancellationToken) =>
        post.SendAsync(
            HttpMethod.Post,
            target,
            request =>
            {
                request.Content = SinkPost.Json(body);
                if (options.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            },
            cancellationToken).AsTask();

    private void Note(int replica, SourceAnswer answer)
    {
        bool isDown = answer.Kind != SourceAnswerKind.Found;
        if (_isDown[replica] == isDown) return;
        _isDown[replica] = isDown;
        if (isDown) LogDown(logger, options.Name, options.Addresses[replica].Authority, answer.Detail);
        else LogBack(logger, options.Name, options.Addresses[replica].Authority);
    }

    [LoggerMessage(EventId = 91, Level = LogLevel.Warning, Message = "{Sink}: the Alertmanager at {Host} does not take alerts: {Detail}")]
    private static partial void LogDown(ILogger logger, string sink, string host, string? detail);

    [LoggerMessage(EventId = 92, Level = LogLevel.Information, Message = "{Sink}: the Alertmanager at {Host} takes alerts again")]
    private static partial void LogBack(ILogger logger, string sink, string host);
}
