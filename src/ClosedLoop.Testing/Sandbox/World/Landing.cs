namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>A change that is on its target branch and on its way to production.</summary>
internal sealed class Landing(ChangePlan plan)
{
    public ChangePlan Plan { get; } = plan;

    public string ItemId => Plan.ItemId;

    public string Sha => Plan.LandingSha;

    /// <summary>How many builds of it ended badly.</summary>
    public int BadBuilds { get; set; }

    /// <summary>Whether the last build of it that came to a verdict was red: an aborted re-run does not change that.</summary>
    public bool IsRed { get; set; }
}
