namespace ClosedLoop.Alerting.Incidents;

/// <summary>What holds items up. The kind is a label of every incident; filters and routes name it.</summary>
public static class CauseKinds
{
    /// <summary>A line (a repository's target branch) at a gate that one run opens for many: main is red, or its CI or image is late.</summary>
    public const string Line = "line";

    /// <summary>An environment, or a target in it, where a rollout or its health is late or bad.</summary>
    public const string Environment = "environment";

    /// <summary>A gate that items of one repository pass one by one, such as the review.</summary>
    public const string Gate = "gate";

    /// <summary>A gate that can never pass as configured.</summary>
    public const string Configuration = "configuration";

    /// <summary>A source that cannot be reached: its gates are blind.</summary>
    public const string Source = "source";

    /// <summary>A sink that takes no notices: somebody does not hear of incidents.</summary>
    public const string Sink = "sink";

    /// <summary>Merged long ago and not done, with no gate overdue that would say why.</summary>
    public const string NotDone = "not-done";

    /// <summary>More work comes in than leaves, for hours.</summary>
    public const string RisingWip = "rising-wip";
}
