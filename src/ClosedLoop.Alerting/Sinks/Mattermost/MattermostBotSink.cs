using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Keeps one post for each incident up to date. An incident that fires again after it was resolved gets a new one, so that it is seen.</summary>
internal sealed class MattermostBotSink(MattermostOptions options, SinkPost post) : IIncidentSink
{
    private readonly Uri _posts = new(options.Server!.AbsoluteUri.TrimEnd('/') + "/api/v4/posts");

    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        bool over = notice.Kind == IncidentNoticeKind.Resolved;
        if (MattermostOptionsRules.IsId(handle) && await PatchAsync(handle!, notice, cancellationToken).ConfigureAwait(false))
        {
            if (options.ReplyInThread && notice.Kind is IncidentNoticeKind.Repeated or IncidentNoticeKind.Escalated or IncidentNoticeKind.Resolved) await CreateAsync(notice, handle, cancellationToken).ConfigureAwait(false);
            return over ? null : handle;
        }
        string? created = await CreateAsync(notice, null, cancellationToken).ConfigureAwait(false);
        return over ? null : created;
    }

    // False when the post is gone or may no longer be changed.
    private async ValueTask<bool> PatchAsync(string id, IncidentNotice notice, CancellationToken cancellationToken)
    {
        var target = new Uri($"{_posts.AbsoluteUri}/{id}/patch");
        var answer = await post.SendJsonAsync(HttpMethod.Put, target, Body(json => Content(json, notice)), options.Token!, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == SourceAnswerKind.Found && Id(answer) == id) return true;
        if (answer.StatusCode is 400 or 403 or 404 && Error(answer).StartsWith("api.post.", StringComparison.Ordinal) || answer.StatusCode == 404) return false;
        throw Failure(target, answer);
    }

    private async ValueTask<string?> CreateAsync(IncidentNotice notice, string? root, CancellationToken cancellationToken)
    {
        byte[] body = Body(json =>
        {
            json.WriteString("channel_id", options.ChannelId);
            json.Text("root_id", root);
            // For half a minute the server knows a post by it, and makes no second one.
            json.WriteString("pending_post_id", "closedloop:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Name}|{root}|{notice.IdempotencyKey}")))[..32]);
            Content(json, notice);
        });
        var answer = await post.SendJsonAsync(HttpMethod.Post, _posts, body, options.Token!, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == SourceAnswerKind.Found && Id(answer) is { } id) return id;
        throw Failure(_posts, answer);
    }

    private void Content(Utf8JsonWriter json, IncidentNotice notice)
    {
        json.WriteString("message", MattermostMessage.Text(notice, options));
        json.WriteStartObject("props");
        MattermostMessage.Attachments(json, notice, options);
        json.WriteEndObject();
    }

    private Exception Failure(Uri target, SourceAnswer answer) => answer switch
    {
        { Kind: SourceAnswerKind.Found } => post.Later(target, $"did not answer with a post (HTTP {answer.StatusCode})"),
        { StatusCode: 401 } => post.Never(target, "refused the token (HTTP 401)", "set the Token of a bot account that is enabled"),
        { StatusCode: 400 or 403 or 404 or 413 } => post.Never(target, $"refused the post (HTTP {answer.StatusCode}, {SourceText.Quote(Error(answer))})", "check ChannelId, and that the bot is a member of the channel and may post"),
        _ => SinkPost.Later(answer),
    };

    private static byte[] Body(Action<Utf8JsonWriter> write) => JsonBody.Write(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    });

    private static string? Id(SourceAnswer answer) => Read(answer, "id") is { } id && MattermostOptionsRules.IsId(id) ? id : null;

    private static string Error(SourceAnswer answer) => SafeText.Line(Read(answer, "id"), 80);

    private static string? Read(SourceAnswer answer, string member)
    {
        if (!answer.TryParse(out var parsed)) return null;
        using (parsed) return parsed.RootElement.Text(member);
    }
}
