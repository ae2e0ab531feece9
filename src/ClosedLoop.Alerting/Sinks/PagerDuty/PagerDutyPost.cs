using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Posts events and judges the answers: 202 is taken, what PagerDuty calls invalid stays so, anything else is tried again later.</summary>
internal sealed class PagerDutyPost(Uri endpoint, SinkPost post)
{
    /// <exception cref="UndeliverableNoticeException">PagerDuty calls the event or its key invalid.</exception>
    /// <exception cref="HttpRequestException">It was not taken now.</exception>
    public async ValueTask SendAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        var target = new Uri(endpoint.AbsoluteUri.EndsWith('/') ? endpoint : new Uri(endpoint.AbsoluteUri + "/"), path);
        var answer = await post.PostJsonAsync(target, body, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == SourceAnswerKind.Found)
        {
            // A login page or a proxy answers 200.
            if (answer.StatusCode != 202) throw post.Later(target, $"answered {answer.StatusCode}, which is not PagerDuty's 202");
            return;
        }
        if (answer.StatusCode is 400 or 413 or 415 or 422) throw post.Never(target, $"calls the event invalid (HTTP {answer.StatusCode})", "check RoutingKey: it must be of an Events API v2 integration that still exists");
        throw SinkPost.Later(answer);
    }
}
