using Microsoft.Extensions.Logging;
namespace ClosedLoop.Adapters.GitHub.Probing;
internal sealed class GitHubClient
{
    public GitHubClient(HttpClient http, string token, GitHubSettings settings, TimeProvider time, ILogger? logger) { }
    public static HttpClient CreateHttp() => new(new SocketsHttpHandler { AllowAutoRedirect = false });
}
