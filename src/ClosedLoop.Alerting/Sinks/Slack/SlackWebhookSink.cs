using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Posts to an incoming webhook, a message for each notice. Taken is only what is answered with the word <c>ok</c>.</summary>
internal sealed class SlackWebhookSink(SlackOptions options, SinkPost post) : IIncidentSink
{
    public string Name => options.Name;

    public async ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        var target = options.WebhookUrl!;
        byte[] body = JsonBody.Write(json =>
        {
            json.WriteStartObject();
            SlackMessage.Write(json, notice, options);
            json.WriteEndObject();
        });
        var answer = await post.PostJsonAsync(target, body, cancellationToken).ConfigureAwait(false);
        string said = answer.Body.Length > 200 ? "" : Encoding.UTF8.GetString(answer.Body.Span).Trim();
        if (answer.Kind == SourceAnswerKind.Found && said == "ok") return null;
        if (SlackErrors.Fix(said) is { } fix) throw post.Never(target, $"answered {said}", fix);
        if (answer.StatusCode is 400 or 403 or 404 or 410 or 413) throw post.Never(target, $"refused the message (HTTP {answer.StatusCode}){SinkPost.Said(answer)}", "copy WebhookUrl again");
        if (answer.Kind == SourceAnswerKind.Found) throw post.Later(target, $"did not answer ok (HTTP {answer.StatusCode}){SinkPost.Said(answer)}");
        throw SinkPost.Later(answer);
    }
}
