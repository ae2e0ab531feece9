using System.Net.Http.Headers;

namespace ClosedLoop.LoadRig.Http;

/// <summary>Posts payloads from several connections, each waiting for its answer before it sends the next one.</summary>
internal sealed record Sender(double Seconds, IReadOnlyList<double> AnswerSeconds, long AllocatedBytes, IReadOnlyList<SignedPayload> Taken)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task<Sender> SendAsync(Uri server, IReadOnlyList<SignedPayload> payloads, int connections)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false };
        using var client = new HttpClient(handler, disposeHandler: false) { BaseAddress = server };
        var address = new Uri(server, "/hooks/github");
        double[] waits = new double[payloads.Count];
        bool[] taken = new bool[payloads.Count];
        long allocated = GC.GetTotalAllocatedBytes(), start = Clock.Start();
        await Producers.EachAsync(connections, payloads.Count, PostAsync);
        return new Sender(Clock.Seconds(start), waits, GC.GetTotalAllocatedBytes() - allocated, [.. payloads.Where((_, i) => taken[i])]);

        async Task PostAsync(int i)
        {
            var payload = payloads[i];
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(payload.Body) };
            request.Content.Headers.ContentType = Json;
            request.Headers.Add("X-GitHub-Event", payload.Event);
            request.Headers.Add("X-GitHub-Delivery", payload.Id);
            request.Headers.Add("X-Hub-Signature-256", payload.Signature);
            long sent = Clock.Start();
            using var answer = await client.SendAsync(request);
            await answer.Content.ReadAsByteArrayAsync();
            waits[i] = Clock.Seconds(sent);
            taken[i] = answer.IsSuccessStatusCode;
        }
    }
}
