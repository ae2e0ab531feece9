using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Posts to an incoming webhook, a post for each notice. Taken is only what is answered with the word <c>ok</c>.</summary>
internal sealed class MattermostWebhookSink(MattermostOptions options, SinkPost post) : IIncidentSink
{
    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        var target = options.WebhookUrl!;
        byte[] body = JsonBody.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("text", MattermostMessage.Text(notice, options));
            json.Text("channel", options.Channel);
            MattermostMessage.Attachments(json, notice, options);
            json.WriteEndObject();
        });
        var answer = await post.PostJsonAsync(target, body, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == SourceAnswerKind.Found)
        {
            if (answer.Body.Length <= 20 && Encoding.UTF8.GetString(answer.Body.Span).Trim() == "ok") return null;
            throw post.Later(target, $"did not answer ok (HTTP {answer.StatusCode}){SinkPost.Said(answer)}");
        }
        if (answer.StatusCode is 400 or 401 or 403 or 404 or 410 or 413) throw post.Never(target, $"refused the post (HTTP {answer.StatusCode})", "check that the webhook exists, may post to the channel, and copy WebhookUrl again");
        throw SinkPost.Later(answer);
    }
}
