namespace SeerMoe.Tool.Tests.Documented;

/// <summary>recipes/study/run.sh takes the tool's name from SEER: here one that makes each of its recipes small, of one seed and a few steps.</summary>
internal static class TheStudy
{
    /// <returns>What calls it.</returns>
    public static string MadeSmall()
    {
        var path = Path.GetFullPath("seer-made-small");
        File.WriteAllText(path, $"""
            trained=../../runs/study/models/1/points/001/1-regularize/checkpoint
            small="--set evaluate.limit=1 --set evaluate.tasks=[facts] --quiet"
            trains="--set regularize.steps=2 --set regularize.batch=1 --set regularize.window=64"
            recipe=$2
            case $recipe in
              recipes/*) shift; set -- sweep "$@" $small --zip seed=1 ;;
            esac
            case $recipe in
              */models.yaml) set -- "$@" --zip model=../../runs/study/random-1 $trains --set regularize.warm_up=1 ;;
              */pruning.yaml) set -- "$@" --zip model=$trained --set count.tokens=256 ;;
              */adaptation.yaml) set -- "$@" --zip model=$trained --set count.tokens=256 $trains ;;
            esac
            exec dotnet '{typeof(SeerApp).Assembly.Location}' "$@"

            """);
        return $"sh {path}";
    }
}
