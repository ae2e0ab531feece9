using System.Net.Http.Headers;

namespace ClosedLoop.LoadRig.Http;

/// <summary>Posts payloads from several connections, each waiting for its answer before it sends the next one.</summary>
internal sealed record Sender(double Seconds, IReadOnlyList<double> AnswerSeconds, IReadOnlyList<SignedPayload> Taken)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task<Sender> SendAsync(Uri server, IReadOnlyList<SignedPayload> payloads, int connections)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = server };
        var address = new Uri(server, "/hooks/github");
        int next = -1;
        long start = Clock.Start();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(PostAsync)));
        return new Sender(Clock.Seconds(start), [.. all.SelectMany(static a => a.Waits)], [.. all.SelectMany(static a => a.Taken)]);

        async Task<(List<double> Waits, List<SignedPayload> Taken)> PostAsync()
        {
            var waits = new List<double>();
            var taken = new List<SignedPayload>();
            for (int i = Interlocked.Increment(ref next); i < payloads.Count; i = Interlocked.Increment(ref next))
            {
                var payload = payloads[i];
                using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(payload.Body) };
                request.Content.Headers.ContentType = Json;
                request.Headers.Add("X-GitHub-Event", "pull_request");
                request.Headers.Add("X-GitHub-Delivery", new Guid(payload.Number, 1, 1, new byte[8]).ToString());
                request.Headers.Add("X-Hub-Signature-256", payload.Signature);
                long sent = Clock.Start();
                using var answer = await client.SendAsync(request);
                await answer.Content.ReadAsByteArrayAsync();
                waits.Add(Clock.Seconds(sent));
                if (answer.IsSuccessStatusCode) taken.Add(payload);
            }
            return (waits, taken);
        }
    }
}
