using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Keeps one message for each incident up to date. An incident that fires again after it was resolved gets a new one, so that it is seen.</summary>
internal sealed class SlackBotSink(SlackOptions options, SinkPost post) : IIncidentSink
{
    private readonly Uri _api = options.ApiAddress.AbsoluteUri.EndsWith('/') ? options.ApiAddress : new Uri(options.ApiAddress.AbsoluteUri + "/");

    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        bool over = notice.Kind == IncidentNoticeKind.Resolved;
        if (Message.Read(handle) is { } message && await UpdateAsync(message, notice, cancellationToken).ConfigureAwait(false))
        {
            if (options.ReplyInThread && notice.Kind is IncidentNoticeKind.Repeated or IncidentNoticeKind.Escalated or IncidentNoticeKind.Resolved) await PostAsync(notice, message, cancellationToken).ConfigureAwait(false);
            return over ? null : handle;
        }
        var posted = await PostAsync(notice, null, cancellationToken).ConfigureAwait(false);
        return over ? null : posted?.ToString();
    }

    // False when there is no such message any more.
    private async ValueTask<bool> UpdateAsync(Message message, IncidentNotice notice, CancellationToken cancellationToken)
    {
        var (_, error) = await CallAsync(
            "chat.update",
            json =>
            {
                json.WriteString("channel", message.Channel);
                json.WriteString("ts", message.Ts);
                SlackMessage.Write(json, notice, options);
            },
            SlackErrors.IsGone,
            cancellationToken).ConfigureAwait(false);
        return error is null;
    }

    private async ValueTask<Message?> PostAsync(IncidentNotice notice, Message? thread, CancellationToken cancellationToken)
    {
        var (posted, _) = await CallAsync(
            "chat.postMessage",
            json =>
            {
                json.WriteString("channel", thread?.Channel ?? options.Channel);
                if (thread is not null)
                {
                    json.WriteString("thread_ts", thread.Ts);
                    json.WriteBoolean("reply_broadcast", notice.Kind == IncidentNoticeKind.Escalated);
                }
                SlackMessage.Write(json, notice, options);
            },
            static _ => false,
            cancellationToken).ConfigureAwait(false);
        return posted;
    }

    private async ValueTask<(Message? Posted, string? Error)> CallAsync(string method, Action<Utf8JsonWriter> write, Func<string, bool> isExpected, CancellationToken cancellationToken)
    {
        var target = new Uri(_api, method);
        byte[] body = JsonBody.Write(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });
        var answer = await post.SendJsonAsync(HttpMethod.Post, target, body, options.BotToken!, cancellationToken).ConfigureAwait(false);
        if (!answer.TryParse(out var parsed)) throw answer.Kind == SourceAnswerKind.Found ? post.Later(target, $"did not answer {method} with JSON") : SinkPost.Later(answer);
        using (parsed)
        {
            var root = parsed.RootElement;
            if (answer.Kind == SourceAnswerKind.Found && root.Flag("ok") == true) return (Message.Of(root.Text("channel"), root.Text("ts")), null);
            string error = SafeText.Line(root.Text("error"), 80);
            if (isExpected(error)) return (null, error);
            if (SlackErrors.Fix(error) is { } fix) throw post.Never(target, $"answered {method} with {error}", fix);
            throw answer.Kind == SourceAnswerKind.Found ? post.Later(target, $"answered {method} with {SourceText.Quote(error)}") : SinkPost.Later(answer);
        }
    }

    private sealed record Message(string Channel, string Ts)
    {
        private const int MaxLength = 200;

        public static Message? Of(string? channel, string? ts) => channel is { Length: > 0 and <= MaxLength } && ts is { Length: > 0 and <= MaxLength } ? new(channel, ts) : null;

        public static Message? Read(string? handle) => handle?.LastIndexOf(':') is { } colon and > 0 ? Of(handle[..colon], handle[(colon + 1)..]) : null;

        public override string ToString() => $"{Channel}:{Ts}";
    }
}
