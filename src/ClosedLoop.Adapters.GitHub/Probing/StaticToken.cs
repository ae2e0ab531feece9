namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>A token that somebody entered.</summary>
internal sealed class StaticToken(string token) : GitHubCredentials
{
    public override string Refused => "GitHub does not accept GitHub:Token (401); enter one that is valid and not expired";

    public override ValueTask<(string? Token, GitHubReply? Failure)> GetAsync(GitHubClient client, CancellationToken cancellationToken) => new((token, null));
}
