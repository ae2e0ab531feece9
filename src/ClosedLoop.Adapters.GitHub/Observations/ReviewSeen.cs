namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>A review as either path read it.</summary>
internal sealed record ReviewSeen
{
    public required string Repository { get; init; }

    public required long Number { get; init; }

    public required long Id { get; init; }

    /// <summary><c>approved</c>, <c>changes_requested</c>, <c>dismissed</c>, <c>commented</c> or <c>pending</c>, in lower case; REST writes capitals.</summary>
    public required string State { get; init; }

    /// <summary>The reviewer, with <c>[bot]</c> at the end for a bot; GraphQL leaves that out.</summary>
    public required string Reviewer { get; init; }

    public required bool IsBot { get; init; }

    /// <summary>The pull request's author, in the same form as <see cref="Reviewer"/>.</summary>
    public required string Author { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public string? Commit { get; init; }

    public string? Url { get; init; }

    /// <summary>What a deleted account is called on GitHub's own pages.</summary>
    public const string Ghost = "ghost";

    public static string LoginOf(string? login, bool isBot)
    {
        if (string.IsNullOrEmpty(login)) return Ghost;
        login = KeyText.Clean(login);
        return isBot && !login.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) ? login + "[bot]" : login;
    }
}
