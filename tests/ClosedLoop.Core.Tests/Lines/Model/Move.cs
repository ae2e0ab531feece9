namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>What can happen next in a world.</summary>
internal enum Move
{
    Merge,
    Propose,
    PushDirectly,
    LandAgain,
    CherryPick,
    Revert,
    Lose,
    ForcePush,
    Return,
    Promote,
    Fork,
    Build,
    FinishBuild,
    BuildAgain,
    MakeImage,
    RollOut,
    FinishRollout,
    RollBack,
    RemoveTarget,
    Judge,
    CheckHealth,
    BeginTracking,
}
