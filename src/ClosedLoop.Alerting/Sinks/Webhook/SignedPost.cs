using System.Globalization;
using ClosedLoop.Adapters;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Posts JSON to one address, signed as Standard Webhooks says. Every 2xx is taken; only what says that this post is wrong, or that nobody is there any more, is given up.</summary>
internal sealed class SignedPost(IncidentWebhookOptions options, SinkPost post, TimeProvider time)
{
    private readonly WebhookSigner _signer = new(options.Secrets);

    /// <exception cref="HttpRequestException">It was not taken now, and may be later.</exception>
    /// <exception cref="Delivery.UndeliverableNoticeException">It will never be taken.</exception>
    public async ValueTask<SourceAnswer> SendAsync(string key, byte[] body, CancellationToken cancellationToken)
    {
        var target = options.Url!;
        string id = WebhookSigner.Id(key);
        var answer = await post.SendAsync(
            HttpMethod.Post,
            target,
            request =>
            {
                // Each attempt has its own time: receivers refuse old ones.
                long seconds = time.GetUtcNow().ToUnixTimeSeconds();
                request.Content = SinkPost.Json(body);
                request.Headers.Add("webhook-id", id);
                request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
                request.Headers.Add("webhook-signature", _signer.Sign(id, seconds, body));
            },
            cancellationToken).ConfigureAwait(false);
        if (answer.Kind == SourceAnswerKind.Found) return answer;
        if (answer.StatusCode == 410) throw post.Never(target, "is gone (HTTP 410)", "set another Url, or remove the sink");
        if (answer.StatusCode is 400 or 413 or 415 or 422) throw post.Never(target, $"refused the post (HTTP {answer.StatusCode}){SinkPost.Said(answer)}", "check what the receiver expects against the documented body, and its secret");
        // Anything else, a wrong address included, is the configuration of either side, which somebody may mend.
        throw SinkPost.Later(answer);
    }
}
