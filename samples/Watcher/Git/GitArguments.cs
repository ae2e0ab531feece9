namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>What <c>--git</c> was asked to do.</summary>
/// <param name="Path">The clone.</param>
/// <param name="Since">Only landings of this last time; null: all.</param>
/// <param name="Json">One line of JSON instead of tables.</param>
/// <param name="StorePath">The store that the facts go to; null: none, they are folded in memory.</param>
internal sealed record GitArguments(string Path, TimeSpan? Since = null, bool Json = false, string? StorePath = null)
{
    public static GitArguments From(WatcherArguments arguments) =>
        new(arguments.GitPath ?? throw new ArgumentException("There is no --git PATH."), arguments.Since, arguments.Json, arguments.StorePath);
}
