using ClosedLoop.Hosting;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>The real adapter of whichever source host the sandbox plays.</summary>
internal static class SandboxSources
{
    public static ClosedLoopBuilder AddSourceHost(this ClosedLoopBuilder loop, SandboxSourceHost host, DeliverySandbox sandbox, TimeSpan pollInterval, int callsPerHour) => host switch
    {
        SandboxSourceHost.GitLab => loop.AddGitLab(o =>
        {
            (o.BaseAddress, o.Token, o.WebhookToken, o.SigningToken) = (sandbox.Addresses.GitHub, sandbox.Secrets.GitLabToken, sandbox.Secrets.GitLabWebhookToken, sandbox.Secrets.GitLabSigningToken);
            (o.PollInterval, o.CallsPerHour) = (pollInterval, callsPerHour);
            foreach (string repository in sandbox.Repositories) o.Projects.Add(repository);
        }),
        SandboxSourceHost.Gitea => loop.AddGitea(o =>
        {
            (o.BaseAddress, o.Token, o.WebhookSecret) = (sandbox.Addresses.GitHub, sandbox.Secrets.GiteaToken, sandbox.Secrets.GiteaWebhookSecret);
            (o.PollInterval, o.CallsPerHour) = (pollInterval, callsPerHour);
            foreach (string repository in sandbox.Repositories) o.Repositories.Add(repository);
        }),
        _ => loop.AddGitHub(o =>
        {
            (o.BaseAddress, o.Token, o.WebhookSecret) = (sandbox.Addresses.GitHub, sandbox.Secrets.GitHubToken, sandbox.Secrets.GitHubWebhookSecret);
            (o.PollInterval, o.CallsPerHour) = (pollInterval, callsPerHour);
            foreach (string repository in sandbox.Repositories) o.Repositories.Add(repository);
        }),
    };
}
